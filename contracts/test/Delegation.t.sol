// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MielToken} from "../governance/MielToken.sol";
import {IBootstrapGrants} from "../interfaces/IBootstrapGrants.sol";
import {IDelegation} from "../interfaces/IDelegation.sol";
import {IStakeManager} from "../interfaces/IStakeManager.sol";
import {IStakeVotes} from "../interfaces/IStakeVotes.sol";
import {PoolFees} from "../staking/PoolFees.sol";
import {StakeManager} from "../staking/StakeManager.sol";
import {TestBase} from "./TestBase.sol";

/// @notice Two operators and two delegators do all that they can with stake, pools and votes; a naive model writes down
/// in wei what each one has, and in every second who has how many votes.
contract DelegationHandler is TestBase {
    uint256 private constant UNIT = 1e15;
    uint256 private constant PEOPLE = 4;
    StakeManager public immutable stake;
    MielToken public immutable miel;
    address[4] public people = [address(0xA1), address(0xA2), address(0xB1), address(0xB2)];
    address private constant CLIENT = address(0xC1);
    address private constant SLASHER = address(0xD1);

    struct Lock {
        uint256 who;
        uint256 amount;
    }

    struct Votes {
        uint256 time;
        uint256[4] of_;
        uint256 supply;
    }

    Lock[] public locks;
    Votes[] private _past;
    uint256[3] public pools;
    address[4] private _delegatee;
    /// @dev The model: what each has in wei, of its own and in each pool.
    uint256[4] private _own;
    uint256[4][2] private _backs;
    bool public bounded = true;

    constructor() {
        address[] memory holders = new address[](PEOPLE);
        uint256[] memory amounts = new uint256[](PEOPLE);
        for (uint256 i = 0; i < PEOPLE; i++) (holders[i], amounts[i]) = (people[i], 1e24);
        miel = new MielToken(holders, amounts);
        stake = new StakeManager(miel, 14 days, address(new PoolFees()), IBootstrapGrants(address(0)));
        for (uint256 i = 0; i < PEOPLE; i++) {
            _delegatee[i] = people[i];
            vm.prank(people[i]);
            miel.approve(address(stake), type(uint256).max);
            vm.prank(people[i]);
            stake.stake(1e23);
            _own[i] = 1e23;
        }
        for (uint256 i = 0; i < 2; i++) {
            vm.prank(people[i]);
            stake.provision(CLIENT, SLASHER, 1e22);
            vm.prank(people[i]);
            (pools[i], ) = stake.openPool(CLIENT, SLASHER, uint16(i * 1_000));
            for (uint256 j = 2; j < PEOPLE; j++) {
                vm.prank(people[j]);
                stake.delegateTo(pools[i], j * 5e21);
                _backs[i][j] = j * 5e21;
            }
        }
        _write();
    }

    /// @dev Every call happens in a second of its own or in that of the call before it; then all votes are noted.
    modifier noted(uint256 dice) {
        if (dice % 3 != 0) {
            _write();
            pass(1 + (dice % 5_000), 1);
        }
        _;
        _write();
    }

    function delegateTo(uint256 dice, uint256 who, uint256 units) external noted(dice) {
        address account = people[who % PEOPLE];
        uint256 id = pools[dice % 2];
        IStakeManager.Provision memory p = stake.provisionOf(people[dice % 2], CLIENT, SLASHER);
        uint256 limit = 4 * (p.tokens - p.thawing);
        if (p.delegated >= limit || stake.poolAt(id).rate < 1e14 || miel.balanceOf(account) < 4e22) return;
        units = bound(units, 1, _least(limit - p.delegated, 4e7));
        vm.prank(account);
        stake.delegateTo(id, units * UNIT);
        _backs[dice % 2][who % PEOPLE] += units * UNIT;
    }

    function undelegate(uint256 dice, uint256 who, uint256 shares) external noted(dice) {
        address account = people[who % PEOPLE];
        IDelegation.BackingView memory b = stake.backing(pools[dice % 2], account);
        if (b.shares == b.thawing) return;
        vm.prank(account);
        stake.undelegate(
            pools[dice % 2],
            dice % 5 == 0 ? b.shares - b.thawing : bound(shares, 1, b.shares - b.thawing)
        );
    }

    function withdrawDelegated(uint256 dice, uint256 who) external noted(dice) {
        address account = people[who % PEOPLE];
        uint256 id = pools[dice % 2];
        IDelegation.BackingView memory b = stake.backing(id, account);
        if (b.thawing == 0) return;
        if (block.timestamp < b.until) vm.warp(b.until);
        IStakeManager.Provision memory p = stake.provisionOf(people[dice % 2], CLIENT, SLASHER);
        uint256 worth = (uint256(b.thawing) * stake.poolAt(id).rate) / 1e18;
        uint256 before = miel.balanceOf(account);
        vm.prank(account);
        try stake.withdrawDelegated(id) {
            uint256 paid = miel.balanceOf(account) - before;
            bounded = bounded && paid <= worth && worth - paid < UNIT;
            uint256 backs = _backs[dice % 2][who % PEOPLE];
            _backs[dice % 2][who % PEOPLE] = backs - (backs * b.thawing) / b.shares;
        } catch {
            // Locks still need it: after the withdrawal they would exceed what is left.
            uint256 left = uint256(p.tokens) - p.thawing + stake.poolAt(id).tokens - worth / UNIT;
            bounded = bounded && (p.locked > left || stake.poolAt(id).shares == b.thawing);
        }
    }

    function delegateVotes(uint256 dice, uint256 who, uint256 to) external noted(dice) {
        _delegatee[who % PEOPLE] = people[to % PEOPLE];
        vm.prank(people[who % PEOPLE]);
        stake.delegate(people[to % PEOPLE]);
    }

    function stakeSome(uint256 dice, uint256 who, uint256 amount) external noted(dice) {
        address account = people[who % PEOPLE];
        uint256 most = miel.balanceOf(account);
        if (most == 0) return;
        amount = bound(amount, 1, most);
        vm.prank(account);
        stake.stake(amount);
        _own[who % PEOPLE] += amount;
    }

    function unbond(uint256 dice, uint256 who, uint256 amount) external noted(dice) {
        address account = people[who % PEOPLE];
        uint256 most = stake.account(account).free;
        if (most == 0) return;
        vm.prank(account);
        stake.unbond(bound(amount, 1, most));
    }

    function withdraw(uint256 dice, uint256 who) external noted(dice) {
        address account = people[who % PEOPLE];
        IStakeManager.Account memory a = stake.account(account);
        if (a.unbonding == 0) return;
        if (block.timestamp < a.until) vm.warp(a.until);
        vm.prank(account);
        stake.withdraw();
        _own[who % PEOPLE] -= a.unbonding;
    }

    function thaw(uint256 dice, uint256 units) external noted(dice) {
        IStakeManager.Provision memory p = stake.provisionOf(people[dice % 2], CLIENT, SLASHER);
        uint256 kept = uint256(p.locked) + p.thawing;
        if (p.tokens <= kept) return;
        vm.prank(people[dice % 2]);
        stake.thawProvision(CLIENT, SLASHER, bound(units, 1, p.tokens - kept) * UNIT);
    }

    function deprovision(uint256 dice) external noted(dice) {
        IStakeManager.Provision memory p = stake.provisionOf(people[dice % 2], CLIENT, SLASHER);
        if (p.thawing == 0) return;
        if (block.timestamp < p.until) vm.warp(p.until);
        vm.prank(people[dice % 2]);
        stake.deprovision(CLIENT, SLASHER);
    }

    function provision(uint256 dice, uint256 units) external noted(dice) {
        uint256 most = stake.account(people[dice % 2]).free / UNIT;
        if (most == 0) return;
        vm.prank(people[dice % 2]);
        stake.provision(CLIENT, SLASHER, bound(units, 1, most) * UNIT);
    }

    function lock(uint256 dice, uint256 units) external noted(dice) {
        IStakeManager.Provision memory p = stake.provisionOf(people[dice % 2], CLIENT, SLASHER);
        uint256 own = p.tokens - p.thawing;
        uint256 usable = own + _least(p.delegated, 4 * own);
        if (usable <= p.locked) return;
        units = bound(units, (usable - p.locked + 1) / 2, usable - p.locked);
        vm.prank(CLIENT);
        locks.push(Lock(dice % 2, stake.lock(people[dice % 2], SLASHER, units, 0, 0)));
    }

    function release(uint256 dice, uint256 burnt) external noted(dice) {
        if (locks.length == 0 || dice % 3 == 0) return;
        Lock memory l = _take(dice % locks.length);
        burnt = dice % 4 == 0 ? bound(burnt, 0, l.amount) : 0;
        _lose(l.who, burnt);
        vm.prank(CLIENT);
        stake.release(people[l.who], SLASHER, l.amount, burnt);
    }

    /// @dev The operator, its delegators, the challenger and the injured are all one.
    function slash(uint256 dice, uint256 amount) external noted(dice) {
        if (locks.length == 0) return;
        Lock memory l = _take(dice % locks.length);
        amount = dice % 4 == 0 ? l.amount : bound(amount, l.amount / 4, l.amount);
        uint256 own = stake.provisionOf(people[l.who], CLIENT, SLASHER).tokens;
        _lose(l.who, amount);
        uint256 burning = stake.toBurn();
        uint256 credit = stake.credit(people[l.who]);
        vm.prank(SLASHER);
        stake.slash(
            people[l.who],
            CLIENT,
            l.amount,
            amount,
            people[l.who],
            amount / 4,
            people[l.who],
            amount / 2 - amount / 4
        );
        own = _least(own, amount);
        burning = stake.toBurn() - burning;
        credit = stake.credit(people[l.who]) - credit;
        bounded = bounded && burning + credit == amount * UNIT && 2 * burning >= amount * UNIT;
        bounded = bounded && 2 * credit <= own * UNIT;
    }

    /// @notice Everything that the staking contract has to have.
    function accounted() external view returns (uint256 sum) {
        sum = stake.toBurn();
        for (uint256 i = 0; i < PEOPLE; i++) {
            IStakeManager.Account memory a = stake.account(people[i]);
            sum += uint256(a.free) + a.unbonding + stake.credit(people[i]);
        }
        for (uint256 i = 0; i < 2; i++) {
            sum += stake.provisionOf(people[i], CLIENT, SLASHER).tokens * UNIT + stake.poolAt(pools[i]).tokens * UNIT;
        }
    }

    /// @notice Whether shares are those of the backings, worth no more than the pool, and locks lie in what is left.
    function poolsSound() external view returns (bool) {
        for (uint256 i = 0; i < 2; i++) {
            IDelegation.PoolView memory pool = stake.poolAt(pools[i]);
            IStakeManager.Provision memory p = stake.provisionOf(people[i], CLIENT, SLASHER);
            (uint256 shares, uint256 thawing, uint256 worth) = (0, 0, 0);
            for (uint256 j = 0; j < PEOPLE; j++) {
                IDelegation.BackingView memory b = stake.backing(pools[i], people[j]);
                shares += b.shares;
                thawing += b.thawing;
                worth += (uint256(b.shares) * pool.rate) / 1e18;
            }
            if (shares != pool.shares || thawing != pool.thawing || worth > pool.tokens * UNIT) return false;
            if (p.delegated != ((shares - thawing) * pool.rate) / 1e18 / UNIT) return false;
            if (p.locked > uint256(p.tokens) - p.thawing + pool.tokens) return false;
        }
        return true;
    }

    /// @notice Whether every account's votes in every second that passed are those that were noted then.
    function pastHolds() external view returns (bool) {
        for (uint256 i = 0; i < _past.length; i++) {
            Votes memory past = _past[i];
            if (past.time >= block.timestamp) continue;
            uint256 sum = 0;
            for (uint256 j = 0; j < PEOPLE; j++) {
                uint256 votes = stake.getPastVotes(people[j], past.time);
                // What the rate's rounding may cost, far below a milli-MIEL.
                if (votes > past.of_[j] + 1e10 || past.of_[j] > votes + 1e10) return false;
                sum += votes;
            }
            if (sum > past.supply) return false;
        }
        return true;
    }

    /// @dev The model: own stake goes first, and all who back the operator lose alike.
    function _lose(uint256 who, uint256 units) private {
        uint256 own = _least(stake.provisionOf(people[who], CLIENT, SLASHER).tokens, units);
        _own[who] -= own * UNIT;
        if (own == units) return;
        uint256 tokens = stake.poolAt(pools[who]).tokens;
        for (uint256 i = 0; i < PEOPLE; i++) {
            _backs[who][i] = (_backs[who][i] * (tokens + own - units)) / tokens;
        }
    }

    /// @dev Own stake votes for whom it was lent to, what backs a pool for its delegator.
    function _write() private {
        if (_past.length == 0 || _past[_past.length - 1].time != block.timestamp) _past.push();
        Votes storage now_ = _past[_past.length - 1];
        now_.time = block.timestamp;
        uint256 held = 0;
        for (uint256 i = 0; i < PEOPLE; i++) {
            uint256 votes = 0;
            for (uint256 j = 0; j < PEOPLE; j++) if (_delegatee[j] == people[i]) votes += _own[j];
            votes += _backs[0][i] + _backs[1][i];
            now_.of_[i] = votes;
            held += miel.balanceOf(people[i]);
        }
        // Liquid tokens vote in the token: liquid and staked together are no more than there is.
        now_.supply = miel.totalSupply() - held;
    }

    function _take(uint256 index) private returns (Lock memory l) {
        l = locks[index];
        locks[index] = locks[locks.length - 1];
        locks.pop();
    }

    function _least(uint256 a, uint256 b) private pure returns (uint256) {
        return a < b ? a : b;
    }
}

contract DelegationTest is TestBase {
    DelegationHandler private handler;

    function setUp() public {
        handler = new DelegationHandler();
        targetContract(address(handler));
    }

    function invariant_StakeAndPoolsAreConserved() public view {
        assertEq(handler.miel().balanceOf(address(handler.stake())), handler.accounted(), "stake");
    }

    function invariant_SharesAreWorthNoMoreThanTheirPool() public view {
        require(handler.poolsSound(), "pools");
    }

    function invariant_VotesOfEverySecondStayWhatTheyWere() public view {
        require(handler.pastHolds(), "votes");
    }

    function invariant_ConvictingOneselfAlwaysLosesHalf() public view {
        require(handler.bounded(), "half");
    }

    /// @notice Operator, its delegator, its challenger and its requester are one hand: it ends with half or less of what
    /// was slashed, and its own delegators' part is gone.
    function testFuzz_ConvictingOneselfNeverPays(uint256 own, uint256 delegated, uint256 amount, uint256 cuts) public {
        own = bound(own, 1, 1e7);
        delegated = bound(delegated, 1, 4 * own);
        amount = bound(amount, 1, own + delegated);
        (StakeManager stake, address operator, uint256 id) = (handler.stake(), address(0xA1), 0);
        vm.prank(operator);
        stake.provision(address(0xC2), address(0xD2), own * 1e15);
        vm.prank(operator);
        (id, ) = stake.openPool(address(0xC2), address(0xD2), 0);
        vm.prank(address(0xB1));
        stake.delegateTo(id, delegated * 1e15);
        vm.prank(address(0xC2));
        stake.lock(operator, address(0xD2), amount, 0, 0);
        uint256 bounty = bound(cuts, 0, amount / 4);
        vm.prank(address(0xD2));
        stake.slash(operator, address(0xC2), amount, amount, operator, bounty, address(0xB1), amount / 2 - bounty);
        uint256 back = stake.credit(operator) + stake.credit(address(0xB1));
        uint256 fromOwn = amount < own ? amount : own;
        require(2 * back <= fromOwn * 1e15, "more than half of its own came back");
        assertEq(stake.toBurn() + back, amount * 1e15, "burned");
        assertEq(stake.poolAt(id).tokens, delegated - (amount - fromOwn), "delegators lose the rest");
    }

    /// @notice What a lock needs is there when it is slashed, whatever operator and delegators took back meanwhile.
    function testFuzz_ALockIsCoveredWhateverLeaves(
        uint256 own,
        uint256 delegated,
        uint256 amount,
        uint256 thaws
    ) public {
        own = bound(own, 1, 1e7);
        delegated = bound(delegated, 1, 4 * own);
        amount = bound(amount, 1, own + delegated);
        (StakeManager stake, address operator, address delegator) = (handler.stake(), address(0xA1), address(0xB1));
        vm.prank(operator);
        stake.provision(address(0xC2), address(0xD2), own * 1e15);
        vm.prank(operator);
        (uint256 id, ) = stake.openPool(address(0xC2), address(0xD2), 0);
        vm.prank(delegator);
        uint256 shares = stake.delegateTo(id, delegated * 1e15);
        vm.prank(address(0xC2));
        stake.lock(operator, address(0xD2), amount, 0, 0);
        vm.prank(delegator);
        stake.undelegate(id, shares);
        _try(
            operator,
            abi.encodeCall(stake.thawProvision, (address(0xC2), address(0xD2), bound(thaws, 1, own) * 1e15))
        );
        pass(14 days, 1);
        _try(operator, abi.encodeCall(stake.deprovision, (address(0xC2), address(0xD2))));
        _try(delegator, abi.encodeCall(stake.withdrawDelegated, (id)));
        vm.prank(address(0xD2));
        stake.slash(operator, address(0xC2), amount, amount, address(1), 0, address(1), 0);
        assertEq(stake.toBurn(), amount * 1e15, "slashed");
    }

    /// @notice Borrowed MIEL has no votes in the second in which it is staked, and cannot be given back in it.
    function testFuzz_FlashLoansHaveNoVotes(uint96 amount) public {
        (StakeManager stake, address borrower) = (handler.stake(), address(0xB1));
        pass(1, 1);
        uint256 before = stake.getPastVotes(borrower, block.timestamp - 1);
        amount = uint96(bound(amount, 1, 8e23));
        vm.prank(borrower);
        stake.stake(amount);
        assertEq(stake.getPastVotes(borrower, block.timestamp - 1), before, "votes");
        vm.expectRevert(
            abi.encodeWithSelector(IStakeVotes.StakeVotes_Future.selector, block.timestamp, block.timestamp)
        );
        stake.getPastVotes(borrower, block.timestamp);
        vm.prank(borrower);
        stake.unbond(amount);
        vm.expectRevert(abi.encodeWithSelector(IStakeManager.StakeManager_Thawing.selector, block.timestamp + 14 days));
        vm.prank(borrower);
        stake.withdraw();
    }

    function _try(address by, bytes memory data) private {
        address stake = address(handler.stake());
        vm.prank(by);
        // solhint-disable-next-line avoid-low-level-calls
        (bool ok, ) = stake.call(data);
        ok;
    }
}
