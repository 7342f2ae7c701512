// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Clones} from "@openzeppelin/contracts/proxy/Clones.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {IDelegation} from "../interfaces/IDelegation.sol";
import {IMielToken} from "../interfaces/IMielToken.sol";
import {IPoolFees} from "../interfaces/IPoolFees.sol";
import {IStakeManager} from "../interfaces/IStakeManager.sol";
import {PackedProvision, pack} from "./Provisions.sol";
import {StakeVotes} from "./StakeVotes.sol";
import {PoolList} from "./lib/PoolList.sol";
import {Recent} from "./lib/Recent.sol";

/// @notice Rules, limits and warnings: {IDelegation}.
abstract contract Delegation is IDelegation, IStakeManager, StakeVotes {
    using Recent for Recent.Trace;
    using SafeCast for uint256;
    using SafeERC20 for IMielToken;

    struct Pool {
        // slots 0, 1
        /// @dev What a share is worth, in 1 / ONE.
        Recent.Trace rate;
        // slot 2
        uint48 tokens;
        uint104 shares;
        uint104 thawing;
        // slot 3
        address operator;
        uint40 since;
        // slot 4
        address client;
        // slot 5
        address slasher;
        // slot 6
        IPoolFees fees;
    }

    struct Backing {
        // slots 0, 1
        /// @dev All of them, thawing or not: they vote until they are withdrawn.
        Recent.Trace shares;
        // slot 2
        uint104 thawing;
        uint40 until;
    }

    /// @dev One milli-MIEL in wei.
    uint256 internal constant UNIT = 1e15;
    uint256 private constant BASIS = 10_000;
    /// @dev What may be delegated to a provision, in multiples of its own.
    uint256 internal constant LEVERAGE = 4;
    uint256 private constant ONE = 1e18;
    /// @dev A pool that lost more than 9,999 of 10,000 takes no more, so that shares fit their slots.
    uint256 private constant LEAST_RATE = 1e14;

    IMielToken internal immutable TOKEN;
    address private immutable FEES;
    /// @inheritdoc IStakeManager
    uint40 public immutable thaw;

    /// @dev Keyed by keccak256(operator, client, slasher).
    mapping(bytes32 key => PackedProvision) internal _provisions;
    /// @inheritdoc IStakeManager
    uint256 public toBurn;

    uint256 private _count;
    mapping(uint256 id => Pool) private _pools;
    mapping(bytes32 key => uint256 id) private _poolOf;
    mapping(address operator => mapping(address client => address)) private _fees;
    mapping(uint256 id => mapping(address delegator => Backing)) private _backings;
    /// @dev Eight numbers of pools, as {PoolList} packs them.
    mapping(address delegator => Recent.Trace) private _lists;

    constructor(IMielToken token, uint40 thaw_, address fees) {
        TOKEN = token;
        thaw = thaw_;
        FEES = fees;
    }

    /// @inheritdoc IDelegation
    function openPool(address client, address slasher, uint16 cut) external returns (uint256 id, address fees) {
        require(cut <= BASIS, Delegation_Cut(cut));
        bytes32 key = _key(msg.sender, client, slasher);
        require(_fees[msg.sender][client] == address(0), Delegation_Exists(_poolOf[key]));
        id = ++_count;
        fees = Clones.cloneWithImmutableArgs(
            FEES,
            abi.encodePacked(address(this), msg.sender, PoolList.number(id), cut)
        );
        Pool storage pool = _pools[id];
        pool.rate.push(uint208(ONE));
        (pool.operator, pool.client, pool.slasher, pool.fees) = (msg.sender, client, slasher, IPoolFees(fees));
        pool.since = uint40(block.timestamp);
        (_poolOf[key], _fees[msg.sender][client]) = (id, fees);
        emit PoolOpened(id, msg.sender, client, slasher, fees, cut);
    }

    /// @inheritdoc IDelegation
    function delegateTo(uint256 id, uint256 amount) external returns (uint256 shares) {
        uint48 units = _units(amount);
        Pool storage pool = _known(id);
        uint256 rate = pool.rate.latest();
        require(rate >= LEAST_RATE, Delegation_Ruined(id, rate));
        bytes32 key = _key(pool.operator, pool.client, pool.slasher);
        Provision memory p = _provisions[key].unpack();
        uint256 most = LEVERAGE * (p.tokens - p.thawing);
        require(p.delegated + units <= most, Delegation_Limit(most > p.delegated ? most - p.delegated : 0, units));
        Backing storage own = _backings[id][msg.sender];
        uint208 held = own.shares.latest();
        _settle(pool, held - own.thawing);

        shares = (amount * ONE) / rate;
        pool.tokens += units;
        pool.shares = (pool.shares + shares).toUint104();
        p.delegated = _backed(pool, rate);
        _provisions[key] = pack(p);
        if (held == 0) _enter(id);
        own.shares.push(held + uint208(shares));
        emit Delegated(id, msg.sender, amount, shares);
        TOKEN.safeTransferFrom(msg.sender, address(this), amount);
    }

    /// @inheritdoc IDelegation
    function undelegate(uint256 id, uint256 shares) external {
        require(shares != 0, StakeManager_Nothing());
        Pool storage pool = _known(id);
        Backing storage own = _backings[id][msg.sender];
        uint256 available = own.shares.latest() - own.thawing;
        require(shares <= available, Delegation_Shares(available, shares));
        _settle(pool, available);
        uint40 until = uint40(block.timestamp) + thaw;
        own.thawing += uint104(shares);
        own.until = until;
        pool.thawing += uint104(shares);
        bytes32 key = _key(pool.operator, pool.client, pool.slasher);
        Provision memory p = _provisions[key].unpack();
        p.delegated = _backed(pool, pool.rate.latest());
        _provisions[key] = pack(p);
        emit Undelegating(id, msg.sender, shares, until);
    }

    /// @inheritdoc IDelegation
    function withdrawDelegated(uint256 id) external {
        Pool storage pool = _known(id);
        Backing storage own = _backings[id][msg.sender];
        uint104 shares = own.thawing;
        require(shares != 0, StakeManager_Nothing());
        require(block.timestamp >= own.until, StakeManager_Thawing(own.until));
        uint256 units = (shares * pool.rate.latest()) / ONE / UNIT;
        pool.tokens -= uint48(units);
        pool.shares -= shares;
        pool.thawing -= shares;
        own.thawing = 0;
        uint208 left = own.shares.latest() - shares;
        own.shares.push(left);
        if (left == 0) _leave(id);
        if (pool.shares == 0) _empty(pool);
        Provision memory p = _provisions[_key(pool.operator, pool.client, pool.slasher)].unpack();
        uint256 covered = uint256(p.tokens) - p.thawing + pool.tokens;
        require(p.locked <= covered, Delegation_Locked(p.locked, covered));
        emit DelegationWithdrawn(id, msg.sender, units * UNIT, shares);
        TOKEN.safeTransfer(msg.sender, units * UNIT);
    }

    /// @inheritdoc IStakeManager
    function miel() external view returns (IMielToken) {
        return TOKEN;
    }

    /// @inheritdoc IStakeManager
    function payee(address operator, address client) external view returns (address) {
        address fees = _fees[operator][client];
        return fees == address(0) ? operator : fees;
    }

    /// @inheritdoc IDelegation
    function poolOf(address operator, address client, address slasher) external view returns (uint256) {
        return _poolOf[_key(operator, client, slasher)];
    }

    /// @inheritdoc IDelegation
    function poolSince(address operator, address client, address slasher) external view returns (uint40) {
        return _pools[_poolOf[_key(operator, client, slasher)]].since;
    }

    /// @inheritdoc IDelegation
    function poolAt(uint256 id) external view returns (PoolView memory) {
        Pool storage pool = _pools[id];
        return
            PoolView(
                pool.operator,
                pool.client,
                pool.slasher,
                address(pool.fees),
                pool.tokens,
                pool.shares,
                pool.thawing,
                uint64(pool.rate.latest())
            );
    }

    /// @inheritdoc IDelegation
    function backing(uint256 id, address delegator) external view returns (BackingView memory) {
        Backing storage own = _backings[id][delegator];
        return BackingView(uint104(own.shares.latest()), own.thawing, own.until);
    }

    /// @inheritdoc IDelegation
    function poolsOf(address delegator) external view returns (uint256[] memory) {
        return PoolList.all(_lists[delegator].latest());
    }

    /// @dev Takes from the pool of a provision what its own could not give.
    function _takeDelegated(bytes32 key, Provision memory p, uint256 units) internal {
        uint256 id = _poolOf[key];
        Pool storage pool = _pools[id];
        uint256 tokens = pool.tokens;
        uint256 rate = (pool.rate.latest() * (tokens - units)) / tokens;
        pool.tokens = uint48(tokens - units);
        pool.rate.push(uint208(rate));
        p.delegated = _backed(pool, rate);
        emit PoolSlashed(id, units * UNIT, rate);
    }

    function _pooledAt(address account, uint256 time) internal view override returns (uint256 votes) {
        uint208 list = _lists[account].valueAt(time);
        while (list != 0) {
            (uint256 id, uint208 rest) = PoolList.next(list);
            votes += (uint256(_backings[id][account].shares.valueAt(time)) * _pools[id].rate.valueAt(time)) / ONE;
            list = rest;
        }
    }

    function _key(address operator, address client, address slasher) internal pure returns (bytes32) {
        return keccak256(abi.encode(operator, client, slasher));
    }

    function _units(uint256 amount) internal pure returns (uint48) {
        require(amount != 0 && amount % UNIT == 0, StakeManager_Unit(amount));
        return (amount / UNIT).toUint48();
    }

    function _known(uint256 id) private view returns (Pool storage pool) {
        pool = _pools[id];
        require(pool.operator != address(0), Delegation_Unknown(id));
    }

    /// @dev What comes in after this is divided by other shares.
    function _settle(Pool storage pool, uint256 shares) private {
        pool.fees.settle(msg.sender, shares, pool.shares - pool.thawing);
    }

    /// @dev Milli-MIEL that new locks may use.
    function _backed(Pool storage pool, uint256 rate) private view returns (uint40) {
        return (((pool.shares - pool.thawing) * rate) / ONE / UNIT).toUint40();
    }

    /// @dev The last delegator is gone: what rounding left is burned, and the pool begins anew.
    function _empty(Pool storage pool) private {
        toBurn += pool.tokens * UNIT;
        pool.tokens = 0;
        if (pool.rate.latest() != ONE) pool.rate.push(uint208(ONE));
    }

    function _enter(uint256 id) private {
        Recent.Trace storage list = _lists[msg.sender];
        (uint208 longer, bool fits) = PoolList.add(list.latest(), id);
        require(fits, Delegation_TooMany(msg.sender));
        list.push(longer);
        _setBacks(msg.sender);
    }

    function _leave(uint256 id) private {
        Recent.Trace storage list = _lists[msg.sender];
        list.push(PoolList.remove(list.latest(), id));
    }
}
