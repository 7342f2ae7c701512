// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MielToken} from "../governance/MielToken.sol";
import {IBootstrapGrants} from "../interfaces/IBootstrapGrants.sol";
import {IDelegation} from "../interfaces/IDelegation.sol";
import {PoolFees} from "../staking/PoolFees.sol";
import {StakeManager} from "../staking/StakeManager.sol";
import {TestBase} from "./TestBase.sol";
import {Token__Mock} from "./Token__Mock.sol";

/// @notice Payments, delegators that come and go, and a naive model that divides each payment among who is there.
contract PoolFeesHandler is TestBase {
    address private constant OPERATOR = address(0xA1);
    StakeManager public immutable stake;
    PoolFees public immutable fees;
    Token__Mock public immutable token;
    address[3] public people = [address(0xB1), address(0xB2), OPERATOR];
    uint256 public paidIn;
    uint256 public payments;
    uint256[3] public earned;
    uint256[3] public claimed;

    constructor() {
        address[] memory holders = new address[](3);
        uint256[] memory amounts = new uint256[](3);
        for (uint256 i = 0; i < 3; i++) (holders[i], amounts[i]) = (people[i], 1e24);
        MielToken miel = new MielToken(holders, amounts);
        token = new Token__Mock();
        stake = new StakeManager(miel, 14 days, address(new PoolFees()), IBootstrapGrants(address(0)));
        for (uint256 i = 0; i < 3; i++) {
            vm.prank(people[i]);
            miel.approve(address(stake), type(uint256).max);
        }
        vm.prank(OPERATOR);
        stake.stake(5e23);
        vm.prank(OPERATOR);
        stake.provision(address(0xC1), address(0xD1), 5e23);
        vm.prank(OPERATOR);
        (, address clone) = stake.openPool(address(0xC1), address(0xD1), 1_500);
        fees = PoolFees(clone);
        vm.prank(OPERATOR);
        fees.admit(address(token));
    }

    /// @dev Divided at once only now and then: shares that change must see to it themselves.
    function pay(uint256 amount, bool divides) external {
        amount = bound(amount, 1, 1e24);
        token.mint(address(fees), amount);
        paidIn += amount;
        payments++;
        uint256 total = _active(0) + _active(1);
        uint256 cut = total < 1e15 ? amount : (amount * 1_500) / 10_000;
        earned[2] += cut;
        for (uint256 i = 0; total >= 1e15 && i < 2; i++) earned[i] += ((amount - cut) * _active(i)) / total;
        if (divides) fees.divide(address(token));
    }

    function delegate(uint256 who, uint256 units) external {
        vm.prank(people[who % 2]);
        stake.delegateTo(1, bound(units, 1, 1e6) * 1e15);
    }

    function undelegate(uint256 who, uint256 shares) external {
        uint256 most = _active(who % 2);
        if (most == 0) return;
        vm.prank(people[who % 2]);
        stake.undelegate(1, shares % 4 == 0 ? most : bound(shares, 1, most));
    }

    function claim(uint256 who) external {
        uint256 amount = fees.claimable(address(token), people[who % 3]);
        if (amount == 0) return;
        claimed[who % 3] += amount;
        assertEq(fees.claim(address(token), people[who % 3]), amount, "claimed what was claimable");
    }

    function _active(uint256 who) private view returns (uint256) {
        IDelegation.BackingView memory b = stake.backing(1, people[who]);
        return b.shares - b.thawing;
    }
}

contract PoolFeesTest is TestBase {
    PoolFeesHandler private handler;

    function setUp() public {
        handler = new PoolFeesHandler();
        targetContract(address(handler));
    }

    function invariant_FeesArePaidToTheLastUnitsOfRounding() public view {
        PoolFees fees = handler.fees();
        address token = address(handler.token());
        uint256 sum = 0;
        for (uint256 i = 0; i < 3; i++) {
            uint256 got = fees.claimable(token, handler.people(i)) + handler.claimed(i);
            uint256 slack = 4 * handler.payments() + 100;
            require(got <= handler.earned(i) + slack && handler.earned(i) <= got + slack, "not what was earned");
            sum += got;
        }
        require(sum <= handler.paidIn() && handler.paidIn() <= sum + 100, "more or less than came in");
    }
}
