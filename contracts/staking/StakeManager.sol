// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IBootstrapGrants} from "../interfaces/IBootstrapGrants.sol";
import {IMielToken} from "../interfaces/IMielToken.sol";
import {IStakeManager} from "../interfaces/IStakeManager.sol";
import {Delegation} from "./Delegation.sol";
import {pack} from "./Provisions.sol";

/// @notice Rules, limits and warnings: {IStakeManager}.
contract StakeManager is Delegation {
    using SafeERC20 for IMielToken;
    using Math for uint256;
    using SafeCast for uint256;

    /// @dev Zero: no stake is granted.
    IBootstrapGrants private immutable GRANTS;

    mapping(address owner => Account) private _accounts;
    /// @inheritdoc IStakeManager
    mapping(address owner => uint256) public credit;

    constructor(IMielToken token, uint40 thaw_, address fees, IBootstrapGrants grants) Delegation(token, thaw_, fees) {
        GRANTS = grants;
    }

    /// @inheritdoc IStakeManager
    function stake(uint256 amount) external {
        _stake(msg.sender, amount);
    }

    /// @inheritdoc IStakeManager
    function stakeFor(address account_, uint256 amount) external {
        require(msg.sender == address(GRANTS), StakeManager_Grants(msg.sender, address(GRANTS)));
        _stake(account_, amount);
    }

    /// @inheritdoc IStakeManager
    function unbond(uint256 amount) external {
        require(amount != 0, StakeManager_Nothing());
        Account storage own = _accounts[msg.sender];
        require(amount <= own.free, StakeManager_Insufficient(own.free, amount));
        if (address(GRANTS) != address(0)) {
            uint256 bound = GRANTS.bound(msg.sender);
            require(bound + own.unbonding + amount <= _staked(msg.sender), StakeManager_Bound(bound));
        }
        uint40 until = uint40(block.timestamp) + thaw;
        own.free -= uint96(amount);
        own.unbonding += uint96(amount);
        own.until = until;
        emit Unbonding(msg.sender, amount, until);
    }

    /// @inheritdoc IStakeManager
    function withdraw() external {
        Account storage own = _accounts[msg.sender];
        uint256 amount = own.unbonding;
        require(amount != 0, StakeManager_Nothing());
        require(block.timestamp >= own.until, StakeManager_Thawing(own.until));
        own.unbonding = 0;
        _removeVotes(msg.sender, amount);
        emit Withdrawn(msg.sender, amount);
        TOKEN.safeTransfer(msg.sender, amount);
    }

    /// @inheritdoc IStakeManager
    function provision(address client, address slasher, uint256 amount) external {
        uint48 units = _units(amount);
        Account storage own = _accounts[msg.sender];
        require(amount <= own.free, StakeManager_Insufficient(own.free, amount));
        own.free -= uint96(amount);
        bytes32 key = _key(msg.sender, client, slasher);
        Provision memory p = _provisions[key].unpack();
        p.tokens += units;
        _provisions[key] = pack(p);
        emit Provisioned(msg.sender, client, slasher, amount);
    }

    /// @inheritdoc IStakeManager
    function thawProvision(address client, address slasher, uint256 amount) external {
        uint48 units = _units(amount);
        bytes32 key = _key(msg.sender, client, slasher);
        Provision memory p = _provisions[key].unpack();
        uint256 held = uint256(p.locked) + p.thawing;
        uint256 available = p.tokens > held ? p.tokens - held : 0;
        require(units <= available, StakeManager_Insufficient(available * UNIT, amount));
        uint40 until = uint40(block.timestamp) + thaw;
        p.thawing += units;
        p.until = until;
        _provisions[key] = pack(p);
        emit Thawing(msg.sender, client, slasher, amount, until);
    }

    /// @inheritdoc IStakeManager
    function deprovision(address client, address slasher) external {
        bytes32 key = _key(msg.sender, client, slasher);
        Provision memory p = _provisions[key].unpack();
        uint48 units = p.thawing;
        require(units != 0, StakeManager_Nothing());
        require(block.timestamp >= p.until, StakeManager_Thawing(p.until));
        p.thawing = 0;
        p.tokens -= units;
        _provisions[key] = pack(p);
        uint256 amount = units * UNIT;
        Account storage own = _accounts[msg.sender];
        own.free = (own.free + amount).toUint96();
        emit Deprovisioned(msg.sender, client, slasher, amount);
    }

    /// @inheritdoc IStakeManager
    function lock(
        address operator,
        address slasher,
        uint256 amount,
        uint256 perHeld,
        uint256 minimum
    ) external returns (uint256 locked) {
        bytes32 key = _key(operator, msg.sender, slasher);
        Provision memory p = _provisions[key].unpack();
        uint256 own = p.tokens - p.thawing;
        uint256 usable = own + Math.min(p.delegated, LEVERAGE * own);
        require(usable >= minimum, StakeManager_BelowMinimum(usable, minimum));
        locked = amount + perHeld * p.held;
        require(locked + p.locked <= usable, StakeManager_Insufficient(usable.saturatingSub(p.locked), locked));
        p.locked += uint48(locked);
        p.held++;
        _provisions[key] = pack(p);
    }

    /// @inheritdoc IStakeManager
    function release(address operator, address slasher, uint256 locked, uint256 burned) external {
        _unlock(operator, _key(operator, msg.sender, slasher), locked, burned);
        if (burned != 0) {
            toBurn += burned * UNIT;
            emit LockBurned(operator, msg.sender, slasher, burned * UNIT);
        }
    }

    /// @inheritdoc IStakeManager
    function slash(
        address operator,
        address client,
        uint256 locked,
        uint256 amount,
        address bountyTo,
        uint256 bounty,
        address compensationTo,
        uint256 compensation
    ) external {
        require(
            bounty <= amount / 4 && bounty + compensation <= amount / 2,
            StakeManager_Share(amount, bounty, compensation)
        );
        uint256 own = _unlock(operator, _key(operator, client, msg.sender), locked, amount);
        if (own != amount) (bounty, compensation) = ((bounty * own) / amount, (compensation * own) / amount);
        if (bounty != 0) credit[bountyTo] += bounty * UNIT;
        if (compensation != 0) credit[compensationTo] += compensation * UNIT;
        toBurn += (amount - bounty - compensation) * UNIT;
        emit Slashed(
            operator,
            client,
            msg.sender,
            amount * UNIT,
            bountyTo,
            bounty * UNIT,
            compensationTo,
            compensation * UNIT
        );
    }

    /// @inheritdoc IStakeManager
    function withdrawCredit() external {
        uint256 amount = credit[msg.sender];
        require(amount != 0, StakeManager_Nothing());
        credit[msg.sender] = 0;
        emit CreditWithdrawn(msg.sender, amount);
        TOKEN.safeTransfer(msg.sender, amount);
    }

    /// @inheritdoc IStakeManager
    function burn() external {
        uint256 amount = toBurn;
        require(amount != 0, StakeManager_Nothing());
        toBurn = 0;
        emit Burned(amount);
        TOKEN.burn(amount);
    }

    /// @inheritdoc IStakeManager
    function account(address owner) external view returns (Account memory) {
        return _accounts[owner];
    }

    /// @inheritdoc IStakeManager
    function provisionOf(address operator, address client, address slasher) external view returns (Provision memory) {
        return _provisions[_key(operator, client, slasher)].unpack();
    }

    function _stake(address owner, uint256 amount) private {
        require(amount != 0, StakeManager_Nothing());
        Account storage own = _accounts[owner];
        own.free = (own.free + amount).toUint96();
        _addVotes(owner, amount);
        emit Staked(owner, amount);
        TOKEN.safeTransferFrom(msg.sender, address(this), amount);
    }

    /// @dev Ends one lock and takes `taken` of it away, the operator's own first. What remains stays in the provision.
    function _unlock(address operator, bytes32 key, uint256 locked, uint256 taken) private returns (uint256 own) {
        require(taken <= locked, StakeManager_AboveLock(locked, taken));
        Provision memory p = _provisions[key].unpack();
        require(locked <= p.locked && p.held != 0, StakeManager_Insufficient(p.locked, locked));
        p.locked -= uint48(locked);
        p.held--;
        if (taken != 0) {
            own = Math.min(taken, p.tokens);
            p.tokens -= uint48(own);
            if (p.thawing > p.tokens) p.thawing = p.tokens;
            if (own != 0) _removeVotes(operator, own * UNIT);
            if (own != taken) _takeDelegated(key, p, taken - own);
        }
        _provisions[key] = pack(p);
    }
}
